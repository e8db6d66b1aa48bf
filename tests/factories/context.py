"""Tiny files of context in the publishers' formats: hand-made numbers, a few rows each."""

from pathlib import Path

from tests.factories.files import write

MOBILITY_HEADER = (
    "year,state,place,state_name,place_name,population,share_poverty_exposure,share_poverty_exposure_quality,"
    "count_membership_associations_per_10k,count_membership_associations_per_10k_quality,pctl_income_20,"
    "pctl_income_20_lb,pctl_income_20_ub,pctl_income_20_quality,ratio_white_nh_house_value_households,"
    "ratio_white_nh_house_value_households_quality,rate_crime_violent,rate_crime_violent_quality,subgroup_type,subgroup"
)
MOBILITY_ROWS = (
    "2021,22,55000,Louisiana,New Orleans city,380000,0.25,Strong,19.1,Strong,11000.5,10000.25,12000,Weak,0.619:0.348,"
    "Weak,0.5,Weak,tenure,All",
    "2022,22,55000,Louisiana,New Orleans city,381000,NA,NA,20,Strong,NA,NA,NA,NA,NA,NA,13.5,Weak,tenure,All",
    "2022,26,77777,Michigan,Springfield city,1000,0.5,Marginal,3,Strong,9000,8000,10000,Strong,.5:0.25,Strong,900,"
    "Strong,NA,NA",
)
RACE_HEADER = (
    "year,state,place,state_name,place_name,population,subgroup_type,subgroup,pctl_income_20,pctl_20_quality,"
    "pctl_income_quality,count_homeless,count_homeless_lb,count_homeless_ub,share_homeless,homeless_quality"
)
RACE_ROWS = (
    "2022,26,77777,Michigan,Springfield city,1000,all,All,9500,1,1,40,39,41,0.125,2",
    '2022,26,77777,Michigan,Springfield city,1000,race-ethnicity,"Black, Non-Hispanic",8500,3,3,NA,NA,NA,NA,NA',
)
INCOME_HEADER = (
    "year,state,place,subgroup,subgroup_type,rate_learning,rate_learning_lb,rate_learning_ub,share_digital_access"
)
SHARE_HEADER = (
    "year,state,place,subgroup,subgroup_type,index_air_hazard,index_air_hazard_quality,share_transit_commuter"
)


def mobility(path: Path, rows=MOBILITY_ROWS, area: str = "place") -> Path:
    """The longitudinal file; `area` county swaps the two column names."""
    header = MOBILITY_HEADER.replace("place,", f"{area},", 1).replace("place_name", f"{area}_name")
    return write(path, "\n".join([header, *rows]) + "\n")


def by_race(path: Path, rows=RACE_ROWS) -> Path:
    return write(path, "\n".join([RACE_HEADER, *rows]) + "\n")


def employment(path: Path, rows=("2020,1,17,13,.00125,.", "2020,1,24,13,-.0000399,.5"), area: str = "cityid") -> Path:
    return write(path, "\n".join([f"year,month,day_endofweek,{area},emp,emp_incq4", *rows]) + "\n")


def spending(path: Path, rows=("2020,1,31,26163,m,0,1.5e-08,0", "2020,2,29,26163,m,-.1,.2,1")) -> Path:
    header = "year,month,day_endofmonth,countyfips,freq,spend_all,spend_s_all,provisional"
    return write(path, "\n".join([header, *rows]) + "\n")


def mathematics(path: Path, rows=("26163,2020,1,12,.5,.25,.,.,0", "26163,2020,1,19,.,.,-1,-1,1")) -> Path:
    header = "countyfips,year,month,day_endofweek,engagement,badges,break_engagement,break_badges,imputed_from_cz"
    return write(path, "\n".join([header, *rows]) + "\n")


def tracker_cities(path: Path, rows=("13,Springfield,MI,Michigan,26,42.3,-83.1,1749343",)) -> Path:
    header = "cityid,cityname,stateabbrev,statename,statefips,lat,lon,city_pop2019"
    return write(path, "\n".join([header, *rows]) + "\n")


def social_county(path: Path, rows=('1001,"Autauga, Alabama",5922.3921,55200,.72077,.0083100004,.10347',)) -> Path:
    header = "county,county_name,num_below_p50,pop2018,ec_county,ec_se_county,clustering_county"
    return write(path, "\n".join([header, *rows]) + "\n")


def social_zip(path: Path, rows=("1001,25013,995.5,17621,.88156998,.024219999,.1", "1003,,,11238,,,.2")) -> Path:
    header = "zip,county,num_below_p50,pop2018,ec_zip,ec_se_zip,clustering_zip"
    return write(path, "\n".join([header, *rows]) + "\n")


def zones(path: Path, rows=("01001020700,Low-Income Community", "66010950100,Non-LIC Contiguous")) -> Path:
    return write(path, "\n".join(["censusTractNumber,tractType", *rows]) + "\n")
